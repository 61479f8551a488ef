export interface PerProject<T> {
  of(projectId: string): T;
}

/** One `T` for each project, made when it is first asked for. */
export function createPerProject<T>(create: (projectId: string) => T): PerProject<T> {
  const made = new Map<string, T>();
  return {
    of(projectId) {
      const known = made.get(projectId);
      if (known !== undefined) return known;
      const created = create(projectId);
      made.set(projectId, created);
      return created;
    },
  };
}
