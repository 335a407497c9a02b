// Package mjcf reads robot descriptions in MuJoCo's format into a [sim.Builder].
//
//	robot, err := mjcf.Load("robot.xml", mjcf.Options{Ground: true})
//	…
//	for _, n := range robot.Notes { fmt.Println(n) } // what was ignored, assumed or repaired
//	model, err := robot.Builder.Build()
//	x, err := robot.Start(model, robot.Home()) // the keyframe "home", where the file has one
//	robot.Inputs(u, ctrl)                      // MuJoCo's controls as inputs
//
// There are two steps. [ParseFile] makes a [Model] of a file: all that it says, compiled by the rules of MuJoCo 4.0's
// compiler, whatever the engine can do with it. [Model.Robot] turns it into what the engine can simulate.
//
// Coordinates q and velocities v are MuJoCo's, number for number.
//
// Nothing is dropped silently. Every element and attribute is used, or reported in [Model.Notes] or [Robot.Notes]
// with its line. Notes of what makes motions other than MuJoCo's end with "this changes the physics". Every
// mistake is an error that names file, line and element, and all mistakes of a file are reported together.
//
// docs/files.md lists what is read of each element, and what is not simulated yet.
package mjcf
