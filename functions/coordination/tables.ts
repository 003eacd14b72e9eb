/** The names of the tables with what people said and with what the functions count. */
export interface CoordinationTables {
  readonly orders: string;
  readonly coordination: string;
}
