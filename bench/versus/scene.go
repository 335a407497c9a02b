package main

import (
	"fmt"
	"strings"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// control is what drives a scene.
type control uint8

const (
	limp  control = iota // nothing
	servo                // position servos hold the start
	noise                // random forces
)

// part says what is measured in a scene; a scene may be part of several.
type part uint8

const (
	steps     part = 1 << iota // time of a step
	gradients                  // time of a step with its Jacobians
	batches                    // throughput of workers, memory
	precision                  // error against CPU time
)

var partNames = map[part]string{steps: "steps", gradients: "gradients", batches: "batch", precision: "precision"}

// scene is a motion: it is simulated from rest for warm seconds and then measured for long seconds.
type scene struct {
	name, title string
	model       string // of the zoo, or a URDF file of the optional data
	bare        bool   // no dry friction and no limits in the joints
	air         bool   // no ground
	control     control
	warm, long  float64 // s
	start       func(*sim.Model, *sim.State)
	parts       part
}

const (
	humanoid = "dojo_humanoid.urdf"
	atlas    = "dojo_atlas.urdf"
)

// scenes are what is compared, in the order of the tables.
var scenes = []scene{
	{name: "a1_torque12", title: "A1, 12 contacts, random torques", model: "quadruped:12", control: noise, warm: 0.5, long: 1, parts: steps | gradients | batches},
	{name: "humanoid_torque", title: "humanoid, random torques", model: humanoid, control: noise, warm: 0.5, long: 1, parts: steps | gradients | batches},
	{name: "atlas_torque", title: "Atlas, random torques", model: atlas, control: noise, warm: 0.5, long: 1, parts: steps | gradients},
	{name: "a1_limp", title: "A1 limp", model: "quadruped4", warm: 0.05, long: 0.6, parts: steps},
	{name: "a1_limp12", title: "A1 limp, 12 contacts", model: "quadruped:12", warm: 0.05, long: 1, parts: steps},
	{name: "a1_limp_bare", title: "A1 limp, no dry friction or limits in the joints", model: "quadruped4", bare: true, warm: 0.05, long: 0.2, parts: steps},
	{name: "block_tumble", title: "block, tumbling", model: "block", warm: 0.25, long: 1.25, parts: steps},
	{name: "block_rest", title: "block, at rest", model: "block", warm: 0.5, long: 1, start: resting, parts: steps},
	{name: "humanoid_drop", title: "humanoid, dropped", model: humanoid, warm: 0.05, long: 1, parts: steps},
	{name: "atlas_drop", title: "Atlas, dropped", model: atlas, warm: 0.05, long: 1, parts: steps},
	{name: "a1_stand", title: "A1 standing on servos", model: "quadruped4", control: servo, warm: 0.5, long: 1, parts: steps | gradients | batches},
	{name: "ant_drop", title: "ant, dropped", model: "ant", warm: 0.05, long: 1, parts: steps},
	{name: "ant_torque", title: "ant, random torques", model: "ant", control: noise, warm: 0.5, long: 1, parts: steps},
	{name: "chain200", title: "hanging chain of 200 links", model: "chain:200", warm: 0.5, long: 0.1, parts: steps},
	{name: "chain100", title: "hanging chain of 100 links", model: "chain:100", warm: 0.5, long: 0.2, parts: steps | gradients},
	{name: "chain10", title: "hanging chain of 10 links", model: "chain:10", warm: 0.5, long: 0.5, parts: steps},
	// without contacts, dry friction and limits: the only scenes for engines that differentiate smooth dynamics alone
	{name: "a1_air", title: "A1 in the air, random torques", model: "quadruped4", bare: true, air: true, control: noise, warm: 0.1, long: 0.4, parts: gradients},
	{name: "humanoid_air", title: "humanoid in the air, random torques", model: humanoid, bare: true, air: true, control: noise, warm: 0.1, long: 0.4, parts: gradients},
	{name: "atlas_air", title: "Atlas in the air, random torques", model: atlas, bare: true, air: true, control: noise, warm: 0.1, long: 0.4, parts: gradients},
	// work and precision, from rest
	{name: "fall_chain", title: "hanging chain of 10 links, no contact", model: "chain:10", long: 1, parts: precision},
	{name: "land_a1", title: "A1 limp, tilted, falls 0.2 m, until 0.1 s after it lands", model: "quadruped:12", long: 0.3, start: tilted, parts: precision},
	{name: "fall_a1", title: "A1 limp, tilted, falls 0.2 m and over", model: "quadruped:12", long: 1, start: tilted, parts: precision},
	{name: "fall_ant", title: "ant limp, falls 0.2 m and rests", model: "ant", long: 1, start: raised, parts: precision},
}

// smooth says that nothing in the scene touches, sticks or stops.
func (s scene) smooth() bool { return s.air || strings.HasPrefix(s.model, "chain") }

// fromData says that the scene needs the optional data.
func (s scene) fromData() bool { return strings.HasSuffix(s.model, ".urdf") }

func findScene(name string) (scene, error) {
	for _, s := range scenes {
		if s.name == name {
			return s, nil
		}
	}
	return scene{}, fmt.Errorf("no scene %q; versus scenes lists them", name)
}

func resting(m *sim.Model, x *sim.State) {
	*x = m.NewState()
	models.PlaceAbove(m, x.Q, 1e-3)
}

func raised(m *sim.Model, x *sim.State) { models.PlaceAbove(m, x.Q, 0.2) }

// tilted makes the feet land one by one.
func tilted(m *sim.Model, x *sim.State) {
	q := sim.RPY(0.15, 0.25, 0)
	copy(x.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
	models.PlaceAbove(m, x.Q, 0.2)
}

// partList names the parts of a scene.
func (s scene) partList() string {
	var names []string
	for _, p := range []part{steps, gradients, batches, precision} {
		if s.parts&p != 0 {
			names = append(names, partNames[p])
		}
	}
	return strings.Join(names, ", ")
}
