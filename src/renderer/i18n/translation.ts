/** The shape of a language file, with every text free: what zh has to be for a given en. */
export type Translation<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translation<T[K]> };
