/** What RE2 refuses and JavaScript would take: look-around and back-references. */
const NOT_RE2 = /\(\?(?:=|!|<=|<!)|\\[1-9]/;

/** A fully anchored expression in which a dot also matches line ends, as in Prometheus; throws what it would say. */
export function anchoredRegex(pattern: string): RegExp {
  if (NOT_RE2.test(pattern)) {
    throw new SyntaxError(`error parsing regexp: invalid or unsupported Perl syntax: \`${pattern}\``);
  }
  let flags = 's';
  let body = pattern.replaceAll('(?P<', '(?<');
  if (body.startsWith('(?i)')) {
    flags += 'i';
    body = body.slice(4);
  }
  try {
    return new RegExp(`^(?:${body})$`, flags);
  } catch (failure) {
    throw new SyntaxError(`error parsing regexp: ${re2Complaint(String(failure))}: \`^(?s:${pattern})$\``);
  }
}

function re2Complaint(problem: string): string {
  if (/Unterminated group/.test(problem)) return 'missing closing )';
  if (/Unmatched '\)'/.test(problem)) return 'unexpected )';
  if (/character class/.test(problem)) return 'missing closing ]';
  return /[Nn]othing to repeat/.test(problem)
    ? 'missing argument to repetition operator'
    : 'invalid expression';
}
