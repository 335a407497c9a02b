package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// groundFlags say what is under and around a model.
type groundFlags struct {
	ground  bool
	gravity string
	slope   float64
	pose    string
	wall    string

	moved bool     // whether the ground is not z ≤ 0
	place sim.Pose // of the ground then, from slope or pose
	g     r3.Vec   // from gravity
	walls []halfSpace
}

type halfSpace struct {
	name   string
	normal r3.Vec
	offset float64
}

func (f *groundFlags) add(c *cobra.Command) {
	l := c.Flags()
	l.BoolVar(&f.ground, "ground", true, "add the ground z ≤ 0")
	l.StringVar(&f.gravity, "gravity", "", "acceleration of gravity: how strong downward, or `x,y,z` (m/s²)")
	l.Float64Var(&f.slope, "slope", 0, "tilt the ground by so many `degrees`, down toward +x, and what floats with it")
	l.StringVar(&f.pose, "ground-pose", "", "place the ground: `height,roll,pitch` (m, degrees); roll and pitch may be left out. What floats goes with it")
	l.StringVar(&f.wall, "wall", "", "walls across an axis, free on the side of the origin, as in `x=1.5,y=-2` (m)")
}

// check reads the flags.
func (f *groundFlags) check(set func(string) bool) error {
	f.moved = f.slope != 0 || f.pose != ""
	if f.gravity != "" {
		v, err := listOf(f.gravity, 1, 3)
		if err != nil || len(v) == 2 {
			return fmt.Errorf("--gravity is %q, want a number or x,y,z in m/s², as in 1.62 or 0,0,-1.62", f.gravity)
		}
		if f.g = (r3.Vec{Z: -v[0]}); len(v) == 3 {
			f.g = r3.Vec{X: v[0], Y: v[1], Z: v[2]}
		}
		if r3.Norm(f.g) > huge {
			return fmt.Errorf("--gravity is %q, want at most %g m/s²", f.gravity, huge)
		}
	}
	const steepest = 90 // degrees
	switch {
	case set("slope") && f.pose != "":
		return errors.New("--slope and --ground-pose exclude each other: height,0,DEGREES is a slope")
	case !(math.Abs(f.slope) < steepest):
		return fmt.Errorf("--slope is %g, want less than %d degrees", f.slope, steepest)
	case f.slope != 0:
		f.place = sim.Pose{Rot: sim.RPY(0, f.slope*math.Pi/180, 0)}
	case f.pose != "":
		v, err := listOf(f.pose, 1, 3)
		if err != nil {
			return fmt.Errorf("--ground-pose is %q, want height,roll,pitch in m and degrees, as in 0.1,0,15", f.pose)
		}
		v = append(v, 0, 0)
		if math.Abs(v[0]) > huge {
			return fmt.Errorf("--ground-pose is %q: the height must be at most %g m", f.pose, huge)
		}
		if !(math.Abs(v[1]) < steepest && math.Abs(v[2]) < steepest) {
			return fmt.Errorf("--ground-pose is %q: roll and pitch must be less than %d degrees", f.pose, steepest)
		}
		f.place = sim.Pose{Pos: r3.Vec{Z: v[0]}, Rot: sim.RPY(v[1]*math.Pi/180, v[2]*math.Pi/180, 0)}
	}
	if f.moved && !f.ground {
		return errors.New("--slope and --ground-pose place the ground, which --ground=false leaves out")
	}
	return f.readWalls()
}

func (f *groundFlags) readWalls() error {
	f.walls = nil
	if f.wall == "" {
		return nil
	}
	for _, s := range strings.Split(f.wall, ",") {
		axis, at, ok := strings.Cut(strings.TrimSpace(s), "=")
		v, err := listOf(at, 1, 1)
		k := strings.Index("xy", axis)
		if !ok || err != nil || len(axis) != 1 || k < 0 || v[0] == 0 || math.Abs(v[0]) > huge {
			return fmt.Errorf("--wall is %q, want x=POSITION or y=POSITION in m, not 0, as in x=1.5,y=-2", f.wall)
		}
		n := [2]r3.Vec{{X: 1}, {Y: 1}}[k]
		w := halfSpace{fmt.Sprintf("wall%d", len(f.walls)+1), n, v[0]}
		if v[0] > 0 { // the free side is that of the origin
			w.normal, w.offset = r3.Scale(-1, n), -v[0]
		}
		f.walls = append(f.walls, w)
	}
	return nil
}

// normal returns that of the ground.
func (f *groundFlags) normal() r3.Vec { return r3.Rotation(f.place.Rot).Rotate(r3.Vec{Z: 1}) }

// carry moves what floats with the ground, so that x is to it what it was to z ≤ 0.
func (w *world) carry(x *sim.State) error {
	f := w.flags
	for _, j := range w.model.Joints() {
		switch {
		case j.Parent >= 0 || len(j.Type.Trans) == 0:
			continue
		case j.NV != 6:
			return fmt.Errorf("--slope and --ground-pose move what floats with the ground; %s of %s slides on rails of its own", j.Name, w.model.Name())
		}
		q := x.Q[j.Q:]
		at := f.place.Mul(sim.Pose{
			Pos: r3.Vec{X: q[0], Y: q[1], Z: q[2]}, Rot: quat.Number{Real: q[3], Imag: q[4], Jmag: q[5], Kmag: q[6]},
		})
		copy(q, []float64{at.Pos.X, at.Pos.Y, at.Pos.Z, at.Rot.Real, at.Rot.Imag, at.Rot.Jmag, at.Rot.Kmag})
		v := x.V[j.V:]
		lin := r3.Rotation(f.place.Rot).Rotate(r3.Vec{X: v[0], Y: v[1], Z: v[2]})
		copy(v, []float64{lin.X, lin.Y, lin.Z})
	}
	return nil
}

// listOf reads numbers separated by commas, at least and at most so many, all finite.
func listOf(text string, least, most int) ([]float64, error) {
	var v []float64
	for _, s := range strings.Split(text, ",") {
		x, err := finiteNumber(s)
		if err != nil {
			return nil, err
		}
		v = append(v, x)
	}
	if len(v) < least || len(v) > most {
		return nil, fmt.Errorf("%d numbers", len(v))
	}
	return v, nil
}
