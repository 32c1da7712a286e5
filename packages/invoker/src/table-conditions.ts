import { names, type TrackingItem } from '@sfn-redshift/shared';

/** What may be asked of an item, in DynamoDB's words. */
export const IS = {
  free: `attribute_not_exists(#${names.TABLE.partitionKey})`,
  starting: '#status = :starting',
  withoutStart: '#status = :closed AND (#outcome = :refused OR attribute_exists(#adopts))',
  ofStatus: '#status = :heldStatus',
  undelivered: '#delivered = :heldDelivered',
  withoutDelivery: 'attribute_not_exists(#delivered)',
  ofGeneration: '#generation = :generation',
  atDeadline: '#startDeadline = :heldDeadline',
  withoutStatement: 'attribute_not_exists(#statementId)',
  withStatement: 'attribute_exists(#statementId)',
  ofOwner: `#${names.TABLE.partitionKey} = :owner`,
  ofTarget: '#targetId = :targetId',
  ofState: '#attempt.#state = :state',
  ofEntry: '#attempt.#enteredTime = :enteredTime',
  ofWork: '#workHash = :workHash',
} as const;

/** Values of expressions that are always the same. */
export const VALUES = {
  starting: 'starting',
  submitted: 'submitted',
  cancelling: 'cancelling',
  closed: 'closed',
  refused: 'REFUSED',
  finished: 'FINISHED',
  undelivered: false,
  watched: names.TABLE.watchedValue,
};

/** A claim is as its claimant has written it, and has no statement. */
export const heldClaim = [IS.ofGeneration, IS.starting, IS.withoutStatement, IS.atDeadline];

/** Nobody has changed what an attempt that takes it over, or cancels it, relies on. */
export const asItStands = (item: TrackingItem): string[] => {
  if (item.status === 'starting' && item.statementId === undefined) return heldClaim;
  const delivery = item.delivered === undefined ? IS.withoutDelivery : IS.undelivered;
  return [IS.ofGeneration, IS.ofStatus, delivery];
};

/** The values of these conditions. */
export const heldBy = ({ generation, status, delivered, startDeadline }: TrackingItem) => ({
  generation,
  heldStatus: status,
  heldDelivered: delivered,
  heldDeadline: startDeadline,
});
