package models

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
)

// Entry is a model of the zoo.
type Entry struct {
	Name    string
	Aliases []string
	Summary string
	Source  string // of its parameters
	Count   string // what a number after the name means, as in chain10 or chain:10; empty when it takes none

	Builder func(Options) *sim.Builder
	Start   func(*sim.Model) sim.State // a start worth watching
}

// family is an entry with its number still open.
type family struct {
	name    string
	aliases []string
	summary string
	source  string
	count   string // meaning of the number
	n       int    // default number
	check   func(n int) error
	builder func(o Options, n int) *sim.Builder
	start   func(m *sim.Model) sim.State
}

// zoo is in the order in which a newcomer should meet the models.
var zoo = []family{
	sphere, block, block2d, drivenBlock, dzhanibekov, slider, pendulum, npendulum, chain, snake, twister, fourbar, fivebar, delta, cartpole,
	hopper, monopod, walker, halfcheetah, ant, humanoid, atlas, quadruped, go2, anymal, g1, ur5e, panda, xarm6, xarm7, robotiq, exoskeleton, youbot, quadrotor, x2, uuv, stack, pyramid, dominoes, wall, balls, spheres, eggs,
	gripper, cardTower, tippetop, rolling, pusher, necklace, conveyor, turntable, cradle, bowls, cup, stairs, hills,
}

func (f *family) entry(name string, n int) Entry {
	return Entry{
		Name: name, Aliases: f.aliases, Summary: f.summary, Source: f.source, Count: f.count,
		Builder: func(o Options) *sim.Builder { return f.builder(o.withDefaults(), n) }, Start: f.start,
	}
}

// All returns the zoo.
func All() []Entry {
	var all []Entry
	for i := range zoo {
		all = append(all, zoo[i].entry(zoo[i].name, zoo[i].n))
	}
	return all
}

// Load returns a model of the zoo by the name that [Find] knows, and its start.
func Load(name string, o Options) (*sim.Model, sim.State, error) {
	e, err := Find(name)
	if err != nil {
		return nil, sim.State{}, err
	}
	m, err := e.Builder(o).Build()
	if err != nil {
		return nil, sim.State{}, err
	}
	return m, e.Start(m), nil
}

// Find returns the entry of the given name or alias. A number may follow the name of an entry that has a
// Count: chain10 or chain:10. The error of an unknown name lists the names there are.
func Find(name string) (Entry, error) {
	for i := range zoo {
		if f := &zoo[i]; f.called(name) {
			return f.entry(f.name, f.n), nil
		}
	}
	stem := strings.TrimRight(name, "0123456789")
	number := name[len(stem):]
	stem = strings.TrimSuffix(stem, ":")
	for i := range zoo {
		f := &zoo[i]
		if number == "" || !f.called(stem) {
			continue
		}
		if f.count == "" {
			return Entry{}, fmt.Errorf("models: %q takes no number", f.name)
		}
		n, err := strconv.Atoi(number)
		if err == nil {
			err = f.check(n)
		}
		if err != nil {
			return Entry{}, fmt.Errorf("models: %s: %w", name, err)
		}
		return f.entry(fmt.Sprintf("%s%d", f.name, n), n), nil
	}
	return Entry{}, fmt.Errorf("models: there is no model %q; there are %s", name, strings.Join(names(), ", "))
}

func (f *family) called(name string) bool {
	if name == f.name {
		return true
	}
	for _, a := range f.aliases {
		if name == a {
			return true
		}
	}
	return false
}

func names() []string {
	var l []string
	for i := range zoo {
		n := zoo[i].name
		if zoo[i].count != "" {
			n += "[:N]"
		}
		l = append(append(l, n), zoo[i].aliases...)
	}
	return l
}
