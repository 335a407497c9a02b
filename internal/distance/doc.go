// Package distance says how far two convex shapes are apart or how deep in each other, wherever they are, and where a ray meets one. It is
// for those who ask; steps do not use it: which features touch and how their gaps change in a step, internal/collide and internal/gap know.
//
// All it knows of a shape is how far it reaches in a direction, so that cylinders are round here. Shapes apart: Gilbert, Johnson, Keerthi,
// "A fast procedure for computing the distance between complex objects in three-dimensional space", IEEE J. Robotics and Automation 4(2),
// 1988. Shapes in each other: the polytope that grows inside the difference of both (van den Bergen, "Proximity queries and penetration
// depth computation on 3D game objects", GDC 2001). Balls and capsules are points and lines with a radius: they go that way only
// when those meet.
package distance
