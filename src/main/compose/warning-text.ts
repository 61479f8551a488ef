import type { Place } from './located.ts';
import type { Warning } from './project.ts';

/** For terminals, with the place: `/w/compose.yaml:3:5: services.web.image: …` */
export function warningText(warning: Warning): string {
  const { at } = warning;
  return `${placeText(at)}: ${at.path}: ${reasonOf(warning)}`;
}

function placeText({ column, file, line }: Place): string {
  return `${file}:${line}:${column}`;
}

function reasonOf(warning: Warning): string {
  switch (warning.kind) {
    case 'unset_variable':
      return `the variable ${warning.variable} is not set and stands for an empty text`;
    case 'obsolete_version':
      return 'this key is obsolete and ignored; remove it';
    case 'obsolete_external_name':
      return 'this form is obsolete; write "external: true" and "name" beside it';
  }
}
