// Package urdf reads robot descriptions in the Unified Robot Description Format into a [sim.Builder], and writes
// them.
//
//	robot, err := urdf.Load("a1.urdf", urdf.Options{Ground: true})
//	…
//	for _, n := range robot.Notes { fmt.Println(n) } // what was ignored, assumed or repaired
//	model, err := robot.Builder.Build()
//
// Nothing is dropped silently. Every element, attribute and text that has no effect on the model is
// listed in [Robot.Notes] with its line, name and [Severity]; an ignored element is listed once, without its
// descendants. Only comments and namespace declarations are passed over. Every mistake is an error that
// names file, line and link or joint, and all mistakes of a file are reported together.
//
// # What is read
//
//	robot      name
//	link       name, inertial (origin, mass, inertia), visual, collision
//	visual     name, origin, geometry (box, sphere, cylinder, capsule, mesh with scale), material with color
//	collision  name, origin, geometry (box, sphere, cylinder, capsule, mesh with scale), as many as there are
//	joint      name, parent, child, origin, axis, limit (lower, upper, effort; velocity with Options.VelocityLimits), dynamics (damping, friction),
//	           mimic
//	material   name, color; usable by name from any visual
//	mujoco     compiler (meshdir, assetdir, strippath): where meshes are
//
// A mesh touches by its convex hull, by at most 256 corners of it, and a note says how far others are outside. A file
// with several objects, each of them convex, as convex decompositions are, touches by each. With Options.Decompose one that is
// not convex touches by convex pieces. A mesh that is not found touches nothing, which is a note.
//
// A capsule is <capsule radius="" length=""/>, the extension of MuJoCo and Drake: along z, length without
// the caps. The joint types are
//
//	fixed                 merged into its parent when the model is built; the link stays usable as a frame
//	revolute, continuous  a hinge
//	prismatic             a slider
//	floating              six free motions, no drive
//	planar, planaraxis    slides in the plane across axis and turns about it, no drive. planaraxis is Dojo's
//	                      name for it; in Dojo a planar joint does not turn, in URDF it does
//	ball, spherical       three rotations (Dojo)
//	orbital               two hinges across axis, a universal joint (Dojo)
//
// # What a missing or strange value means
//
// Joints that can be driven get a torque input bounded by limit effort; efforts ≤ 0 or infinite, which
// exporters write for "unknown", mean no bound. Mimic joints are passive and follow exactly, also across
// arms that hang on the world; limits of a follower that contradict its leader's are dropped. Limits
// lower = upper = 0 (again "unknown") and limits beyond ±1e6 are read as none. All these readings are
// reported. On a joint with several free motions damping and friction hold for each of them. A missing axis
// is (1, 0, 0), as URDF says. URDF knows no friction coefficient: all collision shapes get
// [Options].Friction. A parent "world" that no link declares is the world.
//
// A link without <inertial>, or with zero mass and inertia, has no mass. That is allowed for links fixed to
// others and for links between moving joints, as long as every motion moves some mass.
//
// An inertia that no body has by itself is taken as it is where the links fixed to its own make up for it.
//
// Files may be in any encoding of the HTML standard, UTF-16 included, of any XML version, and end in zero
// bytes. Mistakes in what is only drawn are notes.
//
// # What is refused, and what Repair does about it
//
// With [Options].Repair a robot that moves otherwise than its file says is better than none; each repair is a
// note of severity [Physics]. It replaces
//
//   - impossible inertias (not positive definite, breaking the triangle inequality, or those of a point) by
//     the nearest possible ones, see [sim.Inertia.Repair], or by that of the link's shapes with the file's mass
//   - missing or infinite masses of links that move by that of their shapes made of water, or of a ball of
//     1 g and 1 cm radius
//   - masses below a millionth of the robot's, at the end of a chain, by larger ones
//   - limits in the wrong order by none, and joints without room or direction by fixed ones
//   - negative damping by none, a mimic of nothing by a joint of its own, an impossible shape by nothing
//   - names of joints that are missing or used twice by others.
//
// [Robot.Write] writes the result down as a file that needs no repair.
//
// Files larger than [MaxSize], deeper than 100 elements or with more than 262144 elements are refused, and so
// are numbers and types that are expressions of xacro: run xacro first. Entities other than XML's own five are
// errors; document type declarations have no effect.
//
// Kinematic loops are closed by <loop_joint>, an element that Isaac Sim and Dojo share:
//
//	<loop_joint name="…" type="spherical">   also ball, revolute, continuous, fixed
//	  <link1 link="…" xyz="…" rpy="…"/>      a frame in each of two links; the second may be called link1 too
//	  <link2 link="…" xyz="…" rpy="…"/>
//	  <axis xyz="…"/>                        of a hinge, in both frames; default x
//	</loop_joint>
//
// Other types are reported and not simulated. A second joint with the same child is an error.
package urdf
