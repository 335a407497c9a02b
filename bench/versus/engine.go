package main

import (
	"embed"
	"slices"
)

//go:embed engines
var sources embed.FS

// program is another engine's side: a source file of engines/ and the Python packages it needs, which bring
// the engine itself. Its ending says what it is written in.
type program struct {
	source string
	pip    []string
}

var (
	mujocoC      = &program{"mujoco.c", []string{"mujoco"}}
	drakePy      = &program{"drake_step.py", []string{"drake"}}
	pinocchioCpp = &program{"pinocchio.cpp", []string{"pin", "cmeel-eigen", "cmeel-urdfdom-headers"}}
	jaxPy        = &program{"jax_step.py", []string{"mujoco", "jax", "mujoco-mjx", "brax"}}
)

// engine is a column of the tables.
type engine struct {
	name    string
	program *program // nil for ukemi
	variant string
	parts   part
	quick   bool     // part of the quick table
	once    bool     // slow to start: measured in the first round alone
	smooth  bool     // knows neither contact nor dry friction
	only    []string // scenes; nil is all
}

const (
	ukemi       = "ukemi"
	mujoco      = "MuJoCo"
	mujocoTight = "MuJoCo tight"
	drake       = "Drake"
	mjx         = "MJX"
	brax        = "Brax"
	pinocchio   = "Pinocchio"
)

// engines are what is compared, in the order of the columns.
var engines = []engine{
	{name: ukemi, parts: steps | gradients | batches | precision, quick: true},
	{name: mujoco, program: mujocoC, variant: "default", parts: steps | gradients | batches | precision, quick: true},
	{name: mujocoTight, program: mujocoC, variant: "tight", parts: steps, quick: true},
	{name: drake, program: drakePy, variant: "default", parts: steps | precision},
	{name: mjx, program: jaxPy, variant: "mjx", parts: steps, once: true, only: []string{"a1_torque12", "humanoid_torque", "block_tumble"}},
	{name: brax, program: jaxPy, variant: "brax", parts: steps, once: true, only: []string{"a1_torque12", "humanoid_torque", "block_tumble"}},
	{name: pinocchio, program: pinocchioCpp, variant: "default", parts: gradients, smooth: true},
}

// takes says whether the engine is measured in a scene.
func (e engine) takes(s scene, p part) bool {
	return e.parts&p != 0 && s.parts&p != 0 && (!e.smooth || s.smooth()) && (e.only == nil || slices.Contains(e.only, s.name))
}
