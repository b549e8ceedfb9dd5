/** Too much is parked: the projection stops until someone looks. */
export class ParkingCeiling extends Error {}
