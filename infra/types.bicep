@export()
@description('Tags of a resource.')
type tagSet = {
  *: string
}

@export()
@description('A caller of the API.')
type apiKey = {
  @minLength(1)
  name: string

  @description('SHA-256 of the key in hexadecimal digits; the key itself is nowhere.')
  @minLength(64)
  @maxLength(64)
  hash: string

  @description('Some of start, approve, operate and read, with commas.')
  @minLength(1)
  roles: string

  @description('The user in whose name the caller acts.')
  user: string
}

@export()
@description('A model of an Azure OpenAI account, and how much of it.')
type modelChoice = {
  @minLength(1)
  name: string

  @minLength(1)
  version: string

  @description('Kind of deployment, such as GlobalStandard.')
  @minLength(1)
  sku: string

  @description('Thousands of tokens a minute.')
  @minValue(1)
  capacity: int
}
