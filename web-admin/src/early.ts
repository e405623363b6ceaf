import { askEarly } from './lib/api/early'

askEarly()
