/** Why an order may not leave, in words, and what to do about it. */

const REASONS: Readonly<Record<string, { readonly label: string; readonly todo: string }>> = {
  address: {
    label: 'Address missing or doubtful',
    todo: 'Ask the customer for the address, correct it in the store, then lift the hold.',
  },
  fraud: {
    label: 'Risk of fraud',
    todo: 'Check payment and address, then lift the hold or cancel the order.',
  },
  out_of_stock: {
    label: 'Out of stock',
    todo: 'Lift the hold when the stock is there.',
  },
  payment: {
    label: 'Payment not settled',
    todo: 'Lift the hold when the money has come.',
  },
  merchant: { label: 'Your own reason', todo: 'Lift the hold when it may leave.' },
  other: { label: 'Another reason', todo: 'Lift the hold when it may leave.' },
};

/** What people can choose from, most common first. */
export const HOLD_CHOICES = ['address', 'fraud', 'out_of_stock', 'payment', 'merchant'].map(
  (value) => ({ value, label: holdWords(value) }),
);

export function holdWords(reason: string): string {
  return REASONS[reason]?.label ?? 'Another reason';
}

export function holdTodo(reason: string): string {
  return REASONS[reason]?.todo ?? 'Lift the hold when it may leave.';
}
