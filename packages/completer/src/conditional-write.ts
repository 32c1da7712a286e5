import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Makes a write to DynamoDB; tells whether its condition held. */
export const conditionHeld = async (write: () => Promise<unknown>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};
