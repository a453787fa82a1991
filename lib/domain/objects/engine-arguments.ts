/** Value of `--flag=value` or `--flag value`; the last one wins, as the engine reads them. */
export function argumentValue(args: readonly string[], flag: string): string | null {
  let value: string | null = null;
  args.forEach((argument, index) => {
    if (argument === flag) value = args[index + 1] ?? null;
    else if (argument.startsWith(`${flag}=`)) value = argument.slice(flag.length + 1);
  });
  return value;
}
