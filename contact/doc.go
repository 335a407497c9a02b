// Package contact is what users say about contact: shapes, their sizes, and half-spaces. It computes no contact: which features
// of a shape may touch is decided by internal/collide, how far apart they are and how fast they slide by internal/gap.
package contact
