import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { rememberOpener, returnToOpener } from '../../ui/dialog-opener.ts';

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
  /** Warnings of files that were put away, until the app ends. */
  readonly dismissedWarnings: ReadonlySet<string>;
}

export const stackUiStore = createStore<StackUi>(() => ({
  selected: undefined,
  dialog: undefined,
  layout: undefined,
  dismissedWarnings: new Set(),
}));

export const useStackUi = <T>(selector: (state: StackUi) => T): T => useStore(stackUiStore, selector);
export const selectNode = (selected: string | undefined) => stackUiStore.setState({ selected });
export const openDialog = (dialog: StackDialog) => {
  rememberOpener();
  stackUiStore.setState({ dialog });
};
export const closeDialog = () => {
  stackUiStore.setState({ dialog: undefined });
  returnToOpener();
};
export const setLayout = (layout: 'map' | 'table') => stackUiStore.setState({ layout });
export const dismissWarnings = (key: string) =>
  stackUiStore.setState(({ dismissedWarnings }) => ({
    dismissedWarnings: new Set([...dismissedWarnings, key]),
  }));
