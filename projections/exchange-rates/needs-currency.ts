import { ValidateBy, type ValidationArguments } from 'class-validator';

/** The field that says how amounts are converted: into nothing, they cannot be. */
export const NeedsCurrency = (): PropertyDecorator =>
  ValidateBy({
    name: 'needsCurrency',
    validator: {
      validate: (convert: unknown, args?: ValidationArguments) => convert === 'none' || (args !== undefined && Reflect.get(args.object, 'currency') !== undefined),
      defaultMessage: () => 'convert needs the currency to convert into',
    },
  });
