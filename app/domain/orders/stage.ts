/**
 * Where an order stands in its channel, in the one scale all channels map to (contracts/channel).
 */
export type ChannelOrderStage = 'awaiting_payment' | 'open' | 'fulfilled' | 'cancelled';
