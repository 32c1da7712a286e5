import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGE_CASES } from './helpers/message-cases.ts';
import { messagesInModel } from './helpers/model-messages.ts';
import { inModel } from './helpers/model-statements.ts';
import { tasksInModel } from './helpers/model-tasks.ts';
import { Consumer, RealMessages } from './helpers/real-messages.ts';
import { type RealStage, startRealStage } from './helpers/real-stage.ts';
import { RealStatements } from './helpers/real-statements.ts';
import { RealTasks } from './helpers/real-tasks.ts';
import { stageTemplate } from './helpers/stage-template.ts';
import { STATEMENT_CASES } from './helpers/statement-cases.ts';
import { TASK_CASES } from './helpers/task-cases.ts';

let consumer: Consumer;
let real: RealStage;
let statements: RealStatements;
let tasks: RealTasks;
let messages: RealMessages;
beforeAll(async () => {
  consumer = await Consumer.start();
  real = await startRealStage(stageTemplate(consumer.url, TASK_CASES));
  statements = new RealStatements(real);
  tasks = new RealTasks(real);
  messages = new RealMessages(real, consumer);
});
afterAll(async () => {
  await statements.close();
  tasks.close();
  messages.close();
  await real.close();
  await consumer.close();
});

describe('the model of the Redshift Data API', () => {
  it.each(STATEMENT_CASES.map(([what, steps], index) => ({ what, steps, index })))(
    'does with $what what the stage does',
    async ({ steps, index }) => {
      const prefix = `case-${index}/`;
      expect(await inModel(prefix, steps)).toEqual(await statements.run(prefix, steps));
    },
  );
});

describe('the model of Step Functions', () => {
  it.each(TASK_CASES.map((taskCase, index) => ({ what: taskCase.what, taskCase, index })))(
    'does with $what what the stage does',
    async ({ taskCase, index }) => {
      const model = await tasksInModel(taskCase);
      expect(model).toEqual(await tasks.run(index, taskCase, model));
    },
  );
});

describe('the model of SQS and its event source', () => {
  it.each(MESSAGE_CASES.map((messageCase) => ({ what: messageCase.what, messageCase })))(
    'does with $what what the stage does',
    async ({ messageCase }) => {
      expect(await messagesInModel(messageCase)).toEqual(await messages.run(messageCase));
    },
  );
});
