package raster

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// sky is the background by the sine of the elevation, and the fog that fades into it.
type sky struct {
	table   [1025]rgb
	made    scene.Sky
	horizon rgb
	fog     float64 // 1/range² (1/m²)
}

func (s *sky) set(sc *scene.Scene) {
	s.fog = sc.FogDensity()
	if s.made == sc.Sky && s.table[0] != (rgb{}) {
		return
	}
	s.made = sc.Sky
	low, high := sc.Sky.Shades()
	s.horizon = linear(low)
	zenith := linear(high)
	for i := range s.table {
		up := 2*float64(i)/1024 - 1
		if up >= 0 {
			s.table[i] = s.horizon.mix(zenith, 1-math.Pow(1-up, 2.2))
		} else { // seen only where there is no ground
			s.table[i] = s.horizon.scale(1 - 0.5*math.Pow(-up, 0.7))
		}
	}
}

// color returns the sky in the direction d.
func (s *sky) color(d vec) rgb {
	f := (d.Z/spatial.Norm(d) + 1) * 512
	i := min(max(int(f), 0), 1023)
	return s.table[i].mix(s.table[i+1], f-float64(i))
}

// veil returns c seen through the fog at a squared distance (m²).
func (s *sky) veil(c rgb, squared float64) rgb {
	q := squared * s.fog
	return c.mix(s.horizon, q/(1+q))
}
