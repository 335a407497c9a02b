// Package spatial holds the small value types of rigid-body mechanics: 3×3 matrices, poses, twists,
// wrenches and 6×6 blocks. Vectors are gonum's r3.Vec, quaternions gonum's quat.Number (w, x, y, z;
// unit; body → world).
//
// A twist is (linear, angular), a wrench is (force, torque), both in world axes about one reference
// point. Vec and quaternions travel by value (they fit in registers); matrices travel by pointer and
// results are stored into a destination.
package spatial
