#include "textflag.h"
#include "mat6_amd64.h"

// TWO stores row r of q + c s₂ᵀ + e yᵀ: c and e at R8 and R9, s₂ in (Y6, X7), y in (Y12, X13).
#define TWO(r) \
	VBROADCASTSD (8*r)(R8), Y10;        \
	VBROADCASTSD (8*r)(R9), Y11;        \
	VMULPD       Y6, Y10, Y2;           \
	VMULPD       X7, X10, X3;           \
	VADDPD       (48*r)(BX), Y2, Y2;    \
	VADDPD       (48*r+32)(BX), X3, X3; \
	VMULPD       Y12, Y11, Y4;          \
	VMULPD       X13, X11, X5;          \
	VADDPD       Y4, Y2, Y2;            \
	VADDPD       X5, X3, X3;            \
	VMOVUPD      Y2, (48*r)(AX);        \
	VMOVUPD      X3, (48*r+32)(AX)

// func respondAVX(o, q *Mat6, u, v *Wrench, s3, s2 *Twist, inv float64) (k float64)
//
// AX the result, BX q, CX U, DX V, SI s₃, DI s₂, R8 the column c = k s₃ − x/d, R9 the column e = −s₃/d.
TEXT ·respondAVX(SB), NOSPLIT, $96-64
	MOVQ    o+0(FP), AX
	MOVQ    q+8(FP), BX
	MOVQ    u+16(FP), CX
	MOVQ    v+24(FP), DX
	MOVQ    s3+32(FP), SI
	MOVQ    s2+40(FP), DI
	LEAQ    c-96(SP), R8
	LEAQ    e-48(SP), R9
	MUL(BX, CX)               // x in (Y0, X1)
	TMUL(BX, DX)              // y in (Y12, X13)
	POWER(DX)
	VMOVSD  inv+48(FP), X3
	VMULSD  X3, X2, X2
	VADDSD  one<>(SB), X2, X2
	VMULSD  X3, X2, X8        // k
	VMOVSD  X8, k+56(FP)
	SPREAD(Y8, X8)
	VMOVSD  sign<>(SB), X9
	VXORPD  X3, X9, X9        // −1/d
	SPREAD(Y9, X9)
	VMOVUPD (SI), Y2
	VMOVUPD 32(SI), X3
	VMULPD  Y9, Y0, Y0
	VMULPD  X9, X1, X1
	VMULPD  Y8, Y2, Y4
	VMULPD  X8, X3, X5
	VADDPD  Y0, Y4, Y4
	VADDPD  X1, X5, X5
	VMULPD  Y9, Y2, Y2
	VMULPD  X9, X3, X3
	VMOVUPD Y4, (R8)
	VMOVUPD X5, 32(R8)
	VMOVUPD Y2, (R9)
	VMOVUPD X3, 32(R9)
	VMOVUPD (DI), Y6
	VMOVUPD 32(DI), X7
	TWO(0)
	TWO(1)
	TWO(2)
	TWO(3)
	TWO(4)
	TWO(5)
	VZEROUPPER
	RET
