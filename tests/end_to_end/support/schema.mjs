// As much of JSON Schema as docs/openapi.json uses, so that no validator is installed for it: which
// sentences are wrong about a value. Members that no schema names are wrong as well.
export function fits(document, schema, value, at = '$') {
  if (schema.$ref) {
    const found = schema.$ref.slice(2).split('/').reduce((in_, name) => in_[name], document);
    return fits(document, found, value, at);
  }
  if (schema.allOf) return schema.allOf.flatMap((one) => fits(document, one, value, at));
  if (schema.oneOf) {
    const right = schema.oneOf.filter((one) => fits(document, one, value, at).length === 0);
    return right.length === 1 ? [] : [`${at} is none of the words`];
  }
  if ('const' in schema) return value === schema.const ? [] : [`${at} is not ${schema.const}`];
  switch (schema.type) {
    case 'object': {
      if (typeof value !== 'object' || value === null) return [`${at} is no object`];
      const missing = (schema.required ?? []).filter((name) => !(name in value));
      const inside = Object.entries(value).flatMap(([name, each]) =>
        schema.properties[name]
          ? fits(document, schema.properties[name], each, `${at}.${name}`)
          : [`${at}.${name} is not described`]);
      return [...missing.map((name) => `${at}.${name} is missing`), ...inside];
    }
    case 'array':
      if (!Array.isArray(value)) return [`${at} is no list`];
      return value.flatMap((each, n) => fits(document, schema.items, each, `${at}[${n}]`));
    case 'integer':
      return Number.isInteger(value) && value >= (schema.minimum ?? -Infinity) &&
        value <= (schema.maximum ?? Infinity) ? [] : [`${at} is no such integer`];
    case 'string':
      return typeof value === 'string' ? [] : [`${at} is no string`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${at} is no boolean`];
    default:
      return [`${at} has a schema that is not understood`];
  }
}
