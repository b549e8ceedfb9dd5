import { DisableRule, EnableRule } from '../../domain/automation/commands.js';
import type { RuleName } from '../../domain/automation/rule-names.js';
import { build } from '../../kernel/command.js';
import type { Company } from './company.js';

const TRIED: readonly RuleName[] = ['follow_up_cadence', 'certificate_reminder'];

/**
 * The company tries rules and switches them off at once: no event of the log lies between. A rule left on would act on what
 * is made up here while it is being written, at real speed, and no two logs of one seed would be the same.
 */
export function startAutomations(company: Company): void {
  const { startMs, endMs } = company.world.plan;
  TRIED.forEach((ruleId, index) => {
    company.world.at(startMs + (0.2 + 0.3 * index) * (endMs - startMs), () => {
      const lead = company.people[0]!; // founders never leave
      company.send(lead, build(EnableRule, { ruleId }));
      company.send(lead, build(DisableRule, { ruleId, reason: 'people want to plan this themselves' }));
    });
  });
}
