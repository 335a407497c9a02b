// Package ik finds configurations in which frames of a model are where they shall be: inverse kinematics by damped least squares
// (Wampler, "Manipulator inverse kinematic solutions based on vector formulations and damped least-squares methods", IEEE Trans. SMC 16(1),
// 1986), the damping chosen as Levenberg and Marquardt do, within the limits of the joints.
//
// It descends from where it starts to the nearest such configuration. That may be one in which the target is not
// reached, at limits or where the arm is folded: start elsewhere then.
package ik
