import type { ConversationSummary } from '../../../shared/chat/chat-contract.ts';

export type AgeGroup = 'today' | 'yesterday' | 'week' | 'older';

const GROUPS: readonly AgeGroup[] = ['today', 'yesterday', 'week', 'older'];

/** Newest first, by the calendar day of the person's clock. Empty groups are left out. */
export function groupConversations(
  conversations: readonly ConversationSummary[],
  now: number,
): { group: AgeGroup; conversations: ConversationSummary[] }[] {
  const startOfDay = (daysAgo: number): number => {
    const date = new Date(now);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo).getTime();
  };
  const groupOf = ({ updatedAt }: ConversationSummary): AgeGroup => {
    if (updatedAt >= startOfDay(0)) return 'today';
    if (updatedAt >= startOfDay(1)) return 'yesterday';
    return updatedAt >= startOfDay(7) ? 'week' : 'older';
  };
  const sorted = [...conversations].sort((a, b) => b.updatedAt - a.updatedAt);
  return GROUPS.map((group) => ({
    group,
    conversations: sorted.filter((conversation) => groupOf(conversation) === group),
  })).filter(({ conversations: found }) => found.length > 0);
}
