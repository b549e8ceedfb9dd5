import { IsShape, type FieldOptions } from '../kernel/fields.js';
import { isCurrency } from '../kernel/money.js';

/** An ISO 4217 code, `EUR`. */
export const IsCurrency = (options: FieldOptions = {}): PropertyDecorator => IsShape(isCurrency, 'must be an ISO 4217 code, such as EUR', { type: String, example: 'EUR' }, options);
