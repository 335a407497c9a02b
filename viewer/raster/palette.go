package raster

import (
	"image"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// palette is a set of colors and the way to the nearest one.
type palette struct {
	colors [256][3]uint8 // the last one stands for "unchanged"
	used   int
	near   []int16 // by color with 6 bits per channel; −1 not yet known
	bayer  [8][8]int
}

// Colors of the palette: fixed ones first, so that something that appears only later in a video (an
// arrow, a plot) finds its hue.
const paletteSize = 255

// newPalette chooses colors for the frames.
func newPalette(frames []*image.RGBA) *palette {
	p := &palette{near: make([]int16, 1<<18)}
	for i := range p.near {
		p.near[i] = -1
	}
	add := func(c [3]uint8) {
		p.colors[p.used] = c
		p.used++
	}
	add([3]uint8{0, 0, 0})
	add([3]uint8{255, 255, 255})
	for _, c := range scene.Palette {
		for _, s := range [...]float64{0.45, 0.8, 1} {
			add([3]uint8{uint8(255 * c.R * s), uint8(255 * c.G * s), uint8(255 * c.B * s)})
		}
	}
	for _, c := range cut(histogram(frames), paletteSize-p.used) {
		add(c)
	}
	p.setDither()
	return p
}

// tone is a color of the frames and how much it counts.
type tone struct {
	c [3]float64
	w float64
}

// histogram returns the colors of the frames, at most one per cell of 5 bits per channel.
func histogram(frames []*image.RGBA) []tone {
	count := make([]tone, 1<<15)
	for _, m := range frames {
		for y := range m.Rect.Dy() {
			row := m.Pix[y*m.Stride : y*m.Stride+4*m.Rect.Dx()]
			for i := 0; i < len(row); i += 4 {
				t := &count[int(row[i]>>3)<<10|int(row[i+1]>>3)<<5|int(row[i+2]>>3)]
				t.w++
				t.c[0] += float64(row[i])
				t.c[1] += float64(row[i+1])
				t.c[2] += float64(row[i+2])
			}
		}
	}
	var list []tone
	for _, t := range count {
		if t.w > 0 {
			for k := range t.c {
				t.c[k] /= t.w
			}
			// The root keeps the ground and the sky from taking all colors from the small robot.
			t.w = math.Sqrt(t.w)
			list = append(list, t)
		}
	}
	return list
}

// cut divides tones into n groups, always the group with the greatest squared error along one channel,
// at its mean there, and returns the means of the groups.
func cut(tones []tone, n int) [][3]uint8 {
	if len(tones) == 0 {
		return nil
	}
	groups := []group{newGroup(tones)}
	for len(groups) < n {
		worst := 0
		for i := range groups {
			if groups[i].err > groups[worst].err {
				worst = i
			}
		}
		g := groups[worst]
		if g.err <= 0 {
			break
		}
		slices.SortStableFunc(g.tones, func(a, b tone) int {
			if a.c[g.axis] < b.c[g.axis] {
				return -1
			}
			if a.c[g.axis] > b.c[g.axis] {
				return 1
			}
			return 0
		})
		k := 1
		for k < len(g.tones)-1 && g.tones[k].c[g.axis] <= g.mean[g.axis] {
			k++
		}
		groups[worst] = newGroup(g.tones[:k])
		groups = append(groups, newGroup(g.tones[k:]))
	}
	var out [][3]uint8
	for _, g := range groups {
		out = append(out, [3]uint8{uint8(g.mean[0] + 0.5), uint8(g.mean[1] + 0.5), uint8(g.mean[2] + 0.5)})
	}
	return out
}

// group is a set of tones with its mean and its greatest squared error along one channel.
type group struct {
	tones []tone
	mean  [3]float64
	axis  int
	err   float64
}

func newGroup(tones []tone) group {
	g := group{tones: tones}
	sum := 0.0
	for _, t := range tones {
		sum += t.w
		for k, c := range t.c {
			g.mean[k] += t.w * c
		}
	}
	for k := range g.mean {
		g.mean[k] /= sum
	}
	for k := range g.mean {
		e := 0.0
		for _, t := range tones {
			d := t.c[k] - g.mean[k]
			e += t.w * d * d
		}
		if e > g.err {
			g.err, g.axis = e, k
		}
	}
	if len(tones) < 2 {
		g.err = 0
	}
	return g
}

// ditherSpan is the width of the ordered dither (of 255): about the distance of neighboring colors of
// the palette. More looks grainy, less leaves bands in the sky.
const ditherSpan = 7

// setDither fills the 8×8 Bayer pattern by its recursion M(2n) = 4 M(n) + (0 2; 3 1).
func (p *palette) setDither() {
	for y := range 8 {
		for x := range 8 {
			v := 0
			for bit := range 3 {
				a, b := x>>bit&1, y>>bit&1
				v = v<<2 | (a^b)<<1 | b
			}
			p.bayer[y][x] = int(math.Round((float64(v)+0.5)/64*ditherSpan - ditherSpan/2.0))
		}
	}
}

// dither stores the colors nearest to one row of pixels.
func (p *palette) dither(dst, pix []uint8, y int) {
	offset := &p.bayer[y&7]
	for x := range dst {
		c := pix[4*x:][:3:3]
		o := offset[x&7]
		r := min(max(int(c[0])+o, 0), 255)
		g := min(max(int(c[1])+o, 0), 255)
		b := min(max(int(c[2])+o, 0), 255)
		cell := r>>2<<12 | g>>2<<6 | b>>2
		k := p.near[cell]
		if k < 0 {
			k = p.nearest(r&^3+2, g&^3+2, b&^3+2)
			p.near[cell] = k
		}
		dst[x] = uint8(k)
	}
}

// nearest returns the color of least squared distance, with the weights of luma (ITU-R BT.601) rounded.
func (p *palette) nearest(r, g, b int) int16 {
	best, at := math.MaxInt, 0
	for i, c := range p.colors[:p.used] {
		dr, dg, db := int(c[0])-r, int(c[1])-g, int(c[2])-b
		if d := 3*dr*dr + 6*dg*dg + db*db; d < best {
			best, at = d, i
		}
	}
	return int16(at)
}
