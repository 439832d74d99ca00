-- What a number was when the channel last had it from us: a later wish differs because we changed it, not the channel.
ALTER TABLE "publication" ADD COLUMN "settled_quantity" INTEGER;
