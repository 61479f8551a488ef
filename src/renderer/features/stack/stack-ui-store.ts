import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

interface StackUi {
  /** Node of the map whose details are shown. */
  readonly selected: string | undefined;
  readonly isReviewOpen: boolean;
}

export const stackUiStore = createStore<StackUi>(() => ({ selected: undefined, isReviewOpen: false }));

export const useStackUi = <T>(selector: (state: StackUi) => T): T => useStore(stackUiStore, selector);
export const selectNode = (selected: string | undefined) => stackUiStore.setState({ selected });
export const setReviewOpen = (isReviewOpen: boolean) => stackUiStore.setState({ isReviewOpen });
