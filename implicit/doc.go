// Package implicit differentiates simulated steps and rollouts exactly, by the implicit function theorem.
//
// A step solves r(w; x, u, θ) = 0 for the next state w on the central path of κ. Near the solution w is a
// smooth function of the state x, the input u and every physical parameter θ, with derivative
//
//	dw = −(∂r/∂w)⁻¹ (∂r/∂x dx + ∂r/∂u du + ∂r/∂θ dθ)
//
// and the matrix ∂r/∂w is the one that Newton's method has factored. [Gradient] gives the Jacobians of one
// step, Jacobian–vector and vector–Jacobian products, [Gradient.Rollout] the gradient of a cost of a whole
// trajectory by one backward sweep, [Gradient.Sensitivity] every state and its derivative forward,
// [Gradient.Residuals] what least squares needs. [Check] compares derivatives of steps with central differences,
// [Gradient.CheckCost] those of a cost. Forces of contacts and joints have tangents ([Gradient.ContactTangent],
// [Gradient.JointTangent]) and cotangents ([Gradient.ForceVJP], [Cost].Forces) of their own, and what a sensor
// reads is a function of the state ([FrameJacobian], [FrameVelocityJacobian]).
//
// # Tangent space
//
// Derivatives live in the tangent space of the state, 2·NV numbers ordered (q, v). A coordinate of a
// slider or hinge is its own tangent. The tangent of a quaternion is a rotation vector in the axes of the
// child body, multiplied on the right: Q ⊞ δ = Q exp(δ/2). [Displace] and [Difference] move between them.
//
// # What κ does to a gradient
//
// A contact of force γ has the stiffness γ²/κ. With a small κ the derivative is that of hard contact: a
// box pushed while it sticks does not move, so the derivative is zero, and pulled off it flies free. With
// a larger κ contact forces act at a distance and the derivative tells an optimizer that contact is near.
// [Options].Kappa differentiates at another, larger κ than the simulation runs with. See docs/gradients.md.
package implicit
