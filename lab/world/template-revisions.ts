/** Names of template revisions: the one that is there when a set is first seen keeps its name, every later text gets a new one. */
export interface TemplateRevisions {
  /** `present`: the name that the set carries by itself, if it does. */
  of(uid: string, template: unknown, present: string | undefined): string;
}

export function createTemplateRevisions(newName: (text: string) => string): TemplateRevisions {
  const known = new Map<string, { text: string; name: string }>();
  return {
    of: (uid, template, present) => {
      const text = JSON.stringify(template);
      const entry = known.get(uid);
      if (entry?.text === text) return entry.name;
      const name = entry === undefined && present !== undefined ? present : newName(text);
      known.set(uid, { text, name });
      return name;
    },
  };
}
