export interface ScrollPlace {
  readonly scrollTop: number;
  readonly clientHeight: number;
  readonly scrollHeight: number;
}

/** Half a line of slack: fractional zoom leaves a pixel, and a person means "the end" a little above it. */
const SLACK_PX = 24;

/** Whether the view is at its end, so that new text should pull it along. */
export function isAtEnd({ scrollTop, clientHeight, scrollHeight }: ScrollPlace): boolean {
  return scrollHeight - clientHeight - scrollTop <= SLACK_PX;
}

/**
 * Whether to go on following after a scroll.
 *
 * Text that grows between two frames moves the end away without the person having moved: only a way up ends following.
 */
export function followsAfterScroll(isFollowing: boolean, previousTop: number, place: ScrollPlace): boolean {
  if (isAtEnd(place)) return true;
  return isFollowing && place.scrollTop >= previousTop;
}
