// The map itself: Leaflet on a canvas, without tiles. A state is a shape as well as a colour: dot = answers, triangle =
// has a fault, square = no contact, ring = never seen.
import L from 'leaflet'
import type { MapAnswer, MapPoint } from '../api/types'

export type Kind = 'good' | 'fault' | 'gone' | 'never'
export const kindOf = (point: MapPoint): Kind =>
  point.state === 'never' ? 'never' : point.state === 'offline' ? 'gone' : point.trouble ? 'fault' : 'good'

interface Drawn extends L.CircleMarker {
  kind: Kind
}
type Pen = L.Canvas & { _drawing: boolean; _ctx: CanvasRenderingContext2D; _fillStroke(ctx: CanvasRenderingContext2D, layer: L.Path): void }

const RADIUS: Record<Kind, number> = { good: 4, fault: 8, gone: 8, never: 6 }

/* What Leaflet's canvas calls for each visible point. */
const Point = L.CircleMarker.extend({
  _updatePath(this: Drawn & { _renderer: Pen; _point: L.Point; _radius: number }) {
    const pen = this._renderer
    if (!pen._drawing) return
    const { x, y } = this._point
    const r = this._radius
    const ctx = pen._ctx
    ctx.beginPath()
    if (this.kind === 'gone') ctx.rect(x - r, y - r, 2 * r, 2 * r)
    else if (this.kind === 'fault') {
      ctx.moveTo(x, y - r)
      ctx.lineTo(x + r, y + r)
      ctx.lineTo(x - r, y + r)
      ctx.closePath()
    } else ctx.arc(x, y, r, 0, 2 * Math.PI)
    pen._fillStroke(ctx, this)
  },
}) as unknown as new (at: L.LatLngExpression, options: L.CircleMarkerOptions) => Drawn

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

function style(kind: Kind): L.CircleMarkerOptions {
  const fill = { good: colour('--good'), fault: colour('--prio-fill'), gone: colour('--bad'), never: colour('--sheet') }[kind]
  return { radius: RADIUS[kind], fillColor: fill, fillOpacity: 1, weight: kind === 'good' ? 0 : 1.5, color: kind === 'never' ? colour('--ink-2') : colour('--ink') }
}

export function drawMap(place: HTMLElement, answer: MapAnswer, words: { zoomIn: string; zoomOut: string }, choose: (point: MapPoint) => void): () => void {
  const map = L.map(place, { preferCanvas: true, attributionControl: false, zoomControl: false, zoomSnap: 0.5, keyboard: true })
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut, position: 'topright' }).addTo(map)
  const outlines = L.geoJSON(answer.areas as unknown as GeoJSON.FeatureCollection, {
    style: { color: colour('--line-strong'), weight: 1.5, fillColor: colour('--quiet-bg'), fillOpacity: 0.45 },
    interactive: false,
  }).addTo(map)
  const order: Kind[] = ['good', 'never', 'fault', 'gone'] /* the worst is drawn last, on top */
  const points = [...answer.stations].sort((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b))).map((one) => {
    const point = new Point([one.lat, one.lon], style(kindOf(one)))
    point.kind = kindOf(one)
    point.on('click', () => choose(one))
    return point
  })
  const group = L.featureGroup(points as L.Layer[]).addTo(map)
  const bounds = outlines.getBounds().extend(group.getBounds())
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [24, 24], maxZoom: 16 })
  return () => void map.remove()
}
