import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

/** The one dialog of the page that is open. */
export type StackDialog =
  | { readonly kind: 'start' }
  | { readonly kind: 'down' }
  | { readonly kind: 'config' }
  | { readonly kind: 'form'; readonly service: string };

interface StackUi {
  /** Node of the map whose details are shown. */
  readonly selected: string | undefined;
  readonly dialog: StackDialog | undefined;
  /** Absent: the map for a few services, the table for many. */
  readonly layout: 'map' | 'table' | undefined;
}

export const stackUiStore = createStore<StackUi>(() => ({
  selected: undefined,
  dialog: undefined,
  layout: undefined,
}));

export const useStackUi = <T>(selector: (state: StackUi) => T): T => useStore(stackUiStore, selector);
export const selectNode = (selected: string | undefined) => stackUiStore.setState({ selected });
export const openDialog = (dialog: StackDialog) => stackUiStore.setState({ dialog });
export const closeDialog = () => stackUiStore.setState({ dialog: undefined });
export const setLayout = (layout: 'map' | 'table') => stackUiStore.setState({ layout });
