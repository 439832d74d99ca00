import { Text } from '@shopify/polaris';
import type { WorkSubject } from '#app/queries/jobs/name-subjects';
import type { SafeValue } from '#app/queries/jobs/safe-values';
import { AppLink } from '../parts/links';
import { WholeText } from '../parts/text-of-strangers';
import { SafeValues } from './safe-values';

type WorkAboutProps = {
  readonly about: WorkSubject | null;
  /** Shown when nothing of ours goes by them. */
  readonly references: readonly SafeValue[];
};

/** "MUG-L at Portland: 40", linked; or the references as they came. */
export function WorkAbout({ about, references }: WorkAboutProps) {
  if (about === null) return <SafeValues values={references} />;
  const place = about.place === null ? '' : ` at ${about.place}`;
  const claimed = about.claimed === null ? '' : `: ${about.claimed}`;
  return (
    <Text as="p" variant="bodySm" tone="subdued" breakWord>
      <AppLink to={about.path}>
        <WholeText text={about.name} fallback="Without a name" />
      </AppLink>
      {`${place}${claimed}`}
    </Text>
  );
}
