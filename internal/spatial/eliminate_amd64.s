#include "textflag.h"
#include "mat6_amd64.h"

// DOWNDATE adds row r of A − U Vᵀ/d to the parent's, Vᵀ/d in (Y12, X13).
#define DOWNDATE(r) \
	VBROADCASTSD (8*r)(CX), Y10;        \
	VMULPD       Y12, Y10, Y2;          \
	VMULPD       X13, X10, X3;          \
	VMOVUPD      (48*r)(BX), Y4;        \
	VMOVUPD      (48*r+32)(BX), X5;     \
	VSUBPD       Y2, Y4, Y4;            \
	VSUBPD       X3, X5, X5;            \
	VADDPD       (48*r)(AX), Y4, Y4;    \
	VADDPD       (48*r+32)(AX), X5, X5; \
	VMOVUPD      Y4, (48*r)(AX);        \
	VMOVUPD      X5, (48*r+32)(AX)

// func eliminateAVX(p, a *Mat6, u, v *Wrench, s3, s2 *Twist, dj float64) (inv float64)
//
// AX the parent's matrix, BX that of the body, CX U, DX V, SI s₃, DI s₂.
TEXT ·eliminateAVX(SB), NOSPLIT, $0-64
	MOVQ    p+0(FP), AX
	MOVQ    a+8(FP), BX
	MOVQ    u+16(FP), CX
	MOVQ    v+24(FP), DX
	MOVQ    s3+32(FP), SI
	MOVQ    s2+40(FP), DI
	MUL(BX, SI)            // U in (Y0, X1)
	VMOVUPD Y0, (CX)
	VMOVUPD X1, 32(CX)
	TMUL(BX, DI)           // V in (Y12, X13)
	VMOVUPD Y12, (DX)
	VMOVUPD X13, 32(DX)
	POWER(DI)
	VADDSD  dj+48(FP), X2, X2
	VMOVSD  one<>(SB), X3
	VDIVSD  X2, X3, X3     // 1/d
	VMOVSD  X3, inv+56(FP)
	TESTQ   AX, AX
	JEQ     done
	SPREAD(Y3, X3)
	VMULPD  Y12, Y3, Y12
	VMULPD  X13, X3, X13
	DOWNDATE(0)
	DOWNDATE(1)
	DOWNDATE(2)
	DOWNDATE(3)
	DOWNDATE(4)
	DOWNDATE(5)

done:
	VZEROUPPER
	RET
