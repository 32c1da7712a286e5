/** The account, region and partition that a stage plays. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}
