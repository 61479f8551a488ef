import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';

export const PAGE_IDS = ['stack', 'skills', 'chat', 'logs', 'terminal', 'gateway', 'settings'] as const;
export type PageId = (typeof PAGE_IDS)[number];

/** What a page should show when it is opened from elsewhere. A page reads it, applies it, and forgets it. */
export interface PageTarget {
  readonly service?: string;
  /** One instance of the service: its id and its name. */
  readonly instance?: { readonly id: string; readonly name: string };
  readonly skill?: string;
  readonly conversation?: string;
  readonly requestId?: string;
}

export interface UiState {
  readonly page: PageId;
  /** What the breadcrumb shows after the page's name. */
  readonly crumb: string | undefined;
  readonly target: PageTarget | undefined;
  /** Counts up with every navigation, so that the same target given twice is seen twice. */
  readonly visit: number;
}

export const uiStore = createStore<UiState>(() => ({
  page: 'stack',
  crumb: undefined,
  target: undefined,
  visit: 0,
}));

export function navigate(page: PageId, target?: PageTarget): void {
  uiStore.setState((state) => ({
    page,
    target,
    crumb: state.page === page ? state.crumb : undefined,
    visit: state.visit + 1,
  }));
}

export function setCrumb(crumb: string | undefined): void {
  uiStore.setState({ crumb });
}

export function useUiStore<T>(selector: (state: UiState) => T): T {
  return useStore(uiStore, selector);
}
