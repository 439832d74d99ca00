/** Text from a channel or customer on one line, cut where the cell ends; the rest on hover. */
export function OneLine({
  text,
  fallback,
}: {
  readonly text: string | null;
  readonly fallback: string;
}) {
  const shown = text === null || text.trim() === '' ? null : text;
  return (
    <bdi className="cd-line" title={shown ?? undefined}>
      {shown ?? fallback}
    </bdi>
  );
}

/** Text from a channel or customer in full, broken anywhere rather than breaking the layout. */
export function WholeText({
  text,
  fallback,
}: {
  readonly text: string | null;
  readonly fallback: string;
}) {
  return <bdi className="cd-text">{text === null || text.trim() === '' ? fallback : text}</bdi>;
}
