/**
 * Doesn't parse the parts of a Security Hub finding except its workflow: the functions read only that, and the schemas of all resource types
 * would be in every bundle (110 KB). Throws if the SDK has changed the schema.
 */
export function withPlainFindings(source: string): string {
  let found = false;
  const lean = source.replace(
    /(export var AwsSecurityFinding\$ = \[3, n0, _\w+,\s+0,\s+\[[^\]]*\],\s+\[)([^\]]*)\]/,
    (_, head: string, types: string) => {
      found = true;
      return `${head}${types.replace(/\(\) => (?!Workflow\$)[\w$]+/g, document)}]`;
    },
  );
  if (!found)
    throw new Error(
      'The schema AwsSecurityFinding$ of the SDK has changed. Check its schemas_0.js, and update infra/bundle/plain-findings.ts.',
    );
  return lean;
}

/** Any JSON, in the schemas of the SDK. */
const document = '15';
