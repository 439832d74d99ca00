import { plainText } from '../words/plain-text';

type TextProps = { readonly text: string | null; readonly fallback: string };

/** Text from a channel or customer on one line, cut where the cell ends; the rest on hover. */
export function OneLine({ text, fallback }: TextProps) {
  const shown = plainText(text ?? '');
  return (
    <bdi className="cd-line" title={shown === '' ? undefined : shown}>
      {shown === '' ? fallback : shown}
    </bdi>
  );
}

/** Text from a channel or customer in full, broken anywhere rather than breaking the layout. */
export function WholeText({ text, fallback }: TextProps) {
  const shown = plainText(text ?? '');
  return <bdi className="cd-text">{shown === '' ? fallback : shown}</bdi>;
}
