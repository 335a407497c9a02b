// Package viewer is a window on a simulation: ground, shadows, shapes and meshes, contact forces, traces,
// text and plots, with the keys and the mouse that users of MuJoCo's simulate expect. F1 lists them, O opens the panels:
// sliders, switches, signals, bodies, key frames, a profiler.
//
// [Run] simulates a model live, [Replay] plays a recorded trajectory. A program that owns its loop opens
// the window and tells it what to show:
//
//	v, err := viewer.Open(model, viewer.Options{Stepper: stepper})
//	…
//	for !v.Closed() {
//		stepper.Step(&state, state, u)
//		v.Update(state)
//	}
//
// The window needs OpenGL, cgo and the build tag gl; see [ErrNoWindow]. Without them everything here builds
// and Open returns an error that says what to do. Pictures without a screen are the business of package
// raster, pages for a browser that of package replay: all draw the same scene.Scene. [Offscreen] draws it with
// OpenGL into memory.
//
// What a key or a drag does is decided by plain code (desk and what it holds) that knows no OpenGL and is
// tested without a screen. The files that end in _gl.go only open the window and draw.
package viewer
