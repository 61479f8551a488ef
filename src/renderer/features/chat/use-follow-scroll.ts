import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { followsAfterScroll } from './follow-scroll.ts';

interface FollowScroll {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly isFollowing: boolean;
  readonly toEnd: () => void;
}

/** Keeps the end in view while the person is there; `key` starts anew (another conversation). */
export function useFollowScroll(key: string | undefined): FollowScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  const [isFollowing, setIsFollowing] = useState(true);
  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    following.current = true;
    setIsFollowing(true);
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  }, []);
  useEffect(() => {
    const element = scroller.current;
    const inner = content.current;
    if (element === null || inner === null) return;
    const handleScroll = (): void => {
      following.current = followsAfterScroll(following.current, lastTop.current, element);
      lastTop.current = element.scrollTop;
      setIsFollowing(following.current);
    };
    const stay = (): void => {
      if (!following.current) return;
      element.scrollTop = element.scrollHeight;
      lastTop.current = element.scrollTop;
    };
    const observer = new ResizeObserver(stay);
    observer.observe(inner);
    observer.observe(element);
    element.addEventListener('scroll', handleScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', handleScroll);
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation starts at its end
  useEffect(() => toEnd(), [key, toEnd]);
  return { scroller, content, isFollowing, toEnd };
}
