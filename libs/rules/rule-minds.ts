import { RULES } from '../domain/automation/rule-names.js';
import { causedCommandId } from '../eventstore/event-ids.js';
import type { CommandMessage } from '../kernel/command.js';
import type { Instant, Recorded } from '../kernel/event.js';
import { settingsOf, type AnyMemory, type AnyRule, type Reaction, type RuleSettings } from '../kernel/rule.js';
import { DEPTHS_REMEMBERED_MAX, NEWS_DAYS_MAX, RULE_DEPTH_MAX } from './limits.js';

const DAY_MS = 86_400_000;
export const RULE_ACTOR_PREFIX = 'rule:';

/** Why something is done: an event, or that something has come due. */
export interface Cause {
  /** The event's id, or the name of what has come due. */
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly position: number | null;
  readonly occurredAt?: Instant;
  readonly correlationId?: string;
}

/** What a rule wants done, not yet done. */
export interface Intended {
  readonly rule: AnyRule;
  readonly cause: Cause;
  /** The command's id; also names what needs no command. */
  readonly actionId: string;
  readonly command?: CommandMessage;
  readonly because: string;
  readonly afterPrevious?: true;
  readonly minutesSaved: number;
  /** Why it is not to be sent. */
  readonly held?: 'depth_limit' | 'too_old' | 'nothing_possible' | 'failed';
}

export const fullName = ({ name, part }: AnyRule): string => (part === undefined ? name : `${name}.${part}`);

/** All settings of a rule with their values; every rule can be told how many minutes an action saves. */
export function effectiveSettings({ name, defaults }: AnyRule, given: RuleSettings): RuleSettings {
  const minutesSaved = Object.entries(RULES).find(([known]) => known === name)?.[1].minutesSaved ?? 0;
  return settingsOf({ minutesSaved, ...defaults }, given);
}

const isRuleSwitch = (event: Recorded): boolean => event.type === 'RuleEnabled' || event.type === 'RuleDisabled';
const text = (event: Recorded, field: string): string => String(Reflect.get(event.data, field));

/** The rules of a company as the log has made them: what they remember, which are on, and how they are set up. Deterministic in the log. */
export class RuleMinds {
  readonly #memories: readonly AnyMemory[];
  readonly #states = new Map<string, unknown>();
  /** By rule: the given settings of those that are on. */
  #enabled = new Map<string, RuleSettings>();
  /** By event: how many reactions it took to bring it about. */
  #depths = new Map<string, number>();

  constructor(readonly rules: readonly AnyRule[], readonly report: (message: string, error?: unknown) => void = () => undefined) {
    this.#memories = [...new Map(rules.map(({ memory }) => [memory.name, memory as AnyMemory])).values()]; // any rule's memory is some memory
    for (const memory of this.#memories) this.#states.set(memory.name, memory.initial());
  }

  /** Event types that matter to any of the rules. */
  get eventTypes(): string[] {
    const heard = [...this.#memories.flatMap(({ events }) => events as readonly string[]), ...this.rules.flatMap(({ on }) => on as readonly string[])]; // AnyMemory and AnyRule forget that types are text
    return [...new Set(['RuleEnabled', 'RuleDisabled', ...heard])];
  }

  /** For a dry run: on from the start, whatever the log says. */
  switchOn(ruleName: string, settings: RuleSettings): void {
    this.#enabled.set(ruleName, settings);
  }

  /** Takes in the next event of the log; gives what the rules want done about it. */
  take(event: Recorded, heedsSwitches = true): Intended[] {
    if (isRuleSwitch(event)) {
      if (heedsSwitches) this.#switch(event);
      return [];
    }
    const depth = this.#depthOf(event);
    const intended = this.rules.flatMap((rule) => this.#react(rule, event, depth));
    for (const memory of this.#memories) if (memory.events.includes(event.type)) this.#remember(memory, event);
    return intended;
  }

  /** What has come due by that moment. */
  due(now: Instant): Intended[] {
    return this.rules.flatMap((rule) => {
      const given = this.#enabled.get(rule.name);
      if (!rule.due || given === undefined) return [];
      const settings = effectiveSettings(rule, given);
      try {
        return rule.due(this.#states.get(rule.memory.name), now, settings).map((reaction) => {
          const cause = { id: reaction.cause, type: 'due', stream: '', position: null };
          return this.#intend(rule, cause, reaction, 0, settings);
        });
      } catch (error) {
        this.report(`the rule ${fullName(rule)} failed to say what is due`, error);
        return [];
      }
    });
  }

  /** All that is remembered, by memory and version; maps, sets and plain JSON. */
  remembered(): Map<string, unknown> {
    return new Map<string, unknown>([...this.#memories.map(({ name, version }) => [`${name}@${version}`, this.#states.get(name)] as const), ['enabled', this.#enabled], ['depths', this.#depths]]);
  }

  /** Takes up what was remembered; false where it is of other memories or versions. */
  recall(remembered: ReadonlyMap<string, unknown>): boolean {
    const [enabled, depths] = [remembered.get('enabled'), remembered.get('depths')];
    if (!(enabled instanceof Map) || !(depths instanceof Map) || !this.#memories.every(({ name, version }) => remembered.has(`${name}@${version}`))) return false;
    for (const { name, version } of this.#memories) this.#states.set(name, remembered.get(`${name}@${version}`));
    this.#enabled = enabled as Map<string, RuleSettings>; // written by remembered(), as are the depths
    this.#depths = depths as Map<string, number>;
    return true;
  }

  #switch(event: Recorded): void {
    const settings: unknown = Reflect.get(event.data, 'settings');
    if (event.type === 'RuleEnabled') this.#enabled.set(text(event, 'ruleId'), settings as RuleSettings); // the shape of the stored event
    else this.#enabled.delete(text(event, 'ruleId'));
  }

  #depthOf({ id, actor, causationId }: Recorded): number {
    if (!actor.id.startsWith(RULE_ACTOR_PREFIX)) return 0;
    const depth = (this.#depths.get(causationId) ?? 0) + 1;
    this.#depths.set(id, depth);
    const [oldest] = this.#depths.keys();
    if (this.#depths.size > DEPTHS_REMEMBERED_MAX && oldest !== undefined) this.#depths.delete(oldest);
    return depth;
  }

  #react(rule: AnyRule, event: Recorded, depth: number): Intended[] {
    const given = this.#enabled.get(rule.name);
    if (given === undefined || !rule.react || !(rule.on as readonly string[]).includes(event.type)) return []; // AnyRule forgets that types are text
    const cause = { id: event.id, type: event.type, stream: event.stream, position: event.position, occurredAt: event.occurredAt, correlationId: event.correlationId };
    const settings = effectiveSettings(rule, given);
    try {
      return rule.react(this.#states.get(rule.memory.name), event, settings).map((reaction, index) => {
        const intended = this.#intend(rule, cause, reaction, index, settings);
        if (intended.held) return intended;
        if (depth >= RULE_DEPTH_MAX) return { ...intended, held: 'depth_limit' as const };
        return Date.parse(event.recordedAt) - Date.parse(event.occurredAt) > NEWS_DAYS_MAX * DAY_MS ? { ...intended, held: 'too_old' as const } : intended;
      });
    } catch (error) {
      this.report(`the rule ${fullName(rule)} failed on ${event.type} at position ${event.position}`, error);
      return [{ ...this.#intend(rule, cause, { because: error instanceof Error ? error.message : String(error) }, 0, settings), held: 'failed' }];
    }
  }

  #intend(rule: AnyRule, cause: Cause, reaction: Reaction, index: number, settings: RuleSettings): Intended {
    const { command, because, afterPrevious } = reaction;
    const minutesSaved = Number(settings['minutesSaved'] ?? 0);
    return {
      rule, cause, because, minutesSaved, actionId: causedCommandId(cause.id, `${fullName(rule)}/${index}`),
      ...(command ? { command } : { held: 'nothing_possible' as const }), ...(afterPrevious && { afterPrevious }),
    };
  }

  #remember(memory: AnyMemory, event: Recorded): void {
    try {
      this.#states.set(memory.name, memory.evolve(this.#states.get(memory.name), event));
    } catch (error) {
      this.report(`the memory ${memory.name} of the rules failed on ${event.type} at position ${event.position}`, error);
    }
  }
}
