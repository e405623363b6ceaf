// The source of all texts. Short, spoken Vietnamese; the officials' own words (docs/api.md names the codes).
import { shell } from './shell'
import { people } from './people'
import { broadcast } from './broadcast'
import { rules } from './rules'
import { station } from './station'
import { proof } from './proof'
import { alert } from './alert'
import { office } from './office'

export const vi = { ...shell, ...people, ...broadcast, ...rules, ...station, ...proof, ...alert, ...office }
