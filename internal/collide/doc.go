// Package collide decides which features of shapes may touch. It differentiates nothing: package gap does.
package collide
