// Products with a 6×6 matrix. Row r starts at byte 48r. Six numbers are held in a pair of registers: the first four in one
// of 256 bits, the last two in one of 128.

DATA one<>+0(SB)/8, $1.0
GLOBL one<>(SB), RODATA|NOPTR, $8

DATA sign<>+0(SB)/8, $0x8000000000000000
GLOBL sign<>(SB), RODATA|NOPTR, $8

// COLUMNS loads columns c and c+1 of the matrix at M, o = 8c: column c to Y4 (rows 0–3) and X8 (rows 4, 5), column c+1
// to Y5 and X9. Two rows hold two neighbors each; unpacking makes columns of them. Clobbers Y2, Y3, X6, X7.
#define COLUMNS(M, o) \
	VMOVUPD     (o)(M), X2;            \
	VINSERTF128 $1, (96+o)(M), Y2, Y2; \
	VMOVUPD     (48+o)(M), X3;         \
	VINSERTF128 $1, (144+o)(M), Y3, Y3; \
	VMOVUPD     (192+o)(M), X6;        \
	VMOVUPD     (240+o)(M), X7;        \
	VUNPCKLPD   Y3, Y2, Y4;            \
	VUNPCKHPD   Y3, Y2, Y5;            \
	VUNPCKLPD   X7, X6, X8;            \
	VUNPCKHPD   X7, X6, X9

// ADDCOLUMNS adds columns c and c+1 times their components of the six numbers at T to (Y0, X1). Clobbers Y2–Y11.
#define ADDCOLUMNS(M, T, o) \
	COLUMNS(M, o);              \
	VBROADCASTSD (o)(T), Y10;   \
	VBROADCASTSD (8+o)(T), Y11; \
	VMULPD       Y10, Y4, Y4;   \
	VMULPD       X10, X8, X8;   \
	VMULPD       Y11, Y5, Y5;   \
	VMULPD       X11, X9, X9;   \
	VADDPD       Y4, Y0, Y0;    \
	VADDPD       X8, X1, X1;    \
	VADDPD       Y5, Y0, Y0;    \
	VADDPD       X9, X1, X1

// MUL stores M t in (Y0, X1), t the six numbers at T. Clobbers Y2–Y11.
#define MUL(M, T) \
	COLUMNS(M, 0);             \
	VBROADCASTSD 0(T), Y10;    \
	VBROADCASTSD 8(T), Y11;    \
	VMULPD       Y10, Y4, Y0;  \
	VMULPD       X10, X8, X1;  \
	VMULPD       Y11, Y5, Y5;  \
	VMULPD       X11, X9, X9;  \
	VADDPD       Y5, Y0, Y0;   \
	VADDPD       X9, X1, X1;   \
	ADDCOLUMNS(M, T, 16);      \
	ADDCOLUMNS(M, T, 32)

// ADDROW adds row r of the matrix at M times component r of the six numbers at T to (Y12, X13). Clobbers Y10, Y11, X14.
#define ADDROW(M, T, r) \
	VBROADCASTSD (8*r)(T), Y10;          \
	VMULPD       (48*r)(M), Y10, Y11;    \
	VMULPD       (48*r+32)(M), X10, X14; \
	VADDPD       Y11, Y12, Y12;          \
	VADDPD       X14, X13, X13

// TMUL stores Mᵀ t in (Y12, X13), t the six numbers at T. Clobbers Y10, Y11, X14.
#define TMUL(M, T) \
	VBROADCASTSD 0(T), Y10;         \
	VMULPD       0(M), Y10, Y12;    \
	VMULPD       32(M), X10, X13;   \
	ADDROW(M, T, 1);                \
	ADDROW(M, T, 2);                \
	ADDROW(M, T, 3);                \
	ADDROW(M, T, 4);                \
	ADDROW(M, T, 5)

// POWER stores the pairing of (Y0, X1) with the six numbers at T in the low half of X2: (p₀+p₁+p₂) + (p₃+p₄+p₅).
// Clobbers X3, X4, X5.
#define POWER(T) \
	VMULPD       0(T), Y0, Y2;  \
	VMULPD       32(T), X1, X3; \
	VEXTRACTF128 $1, Y2, X4;    \
	VUNPCKHPD    X2, X2, X5;    \
	VADDSD       X5, X2, X2;    \
	VADDSD       X4, X2, X2;    \
	VUNPCKHPD    X4, X4, X4;    \
	VADDSD       X3, X4, X4;    \
	VUNPCKHPD    X3, X3, X3;    \
	VADDSD       X3, X4, X4;    \
	VADDSD       X4, X2, X2

// SPREAD fills register Y, of which X is the low half, with the number in its lowest lane.
#define SPREAD(Y, X) \
	VUNPCKLPD   X, X, X;     \
	VINSERTF128 $1, X, Y, Y
